"""What is kept, bitemporal: nothing is rewritten, every read takes an as_of."""
