"""The rows of the bench, one file a topic: generators of `measuring.Row` that take whether to be quick."""
