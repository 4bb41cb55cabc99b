"""The activation kinds: each is a node, and a choice of the neuron and of the layers."""
