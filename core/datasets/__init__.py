"""What a network is trained on: generators with noise and seed, bundled sets, and how each is to be read by people."""
