"""The node test cases of ONNX for the ops we have: read from the onnx package, translated here, for tests alone."""
