"""Learning: update rules, batches, metrics, and the trainer that tells of its run in frozen events."""
