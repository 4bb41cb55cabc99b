"""The ops that read a sequence step by step and remember: RNN, GRU and LSTM."""
