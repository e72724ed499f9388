"""Stocks: how long they last. Levels are secret even among friends: bands, never raw values."""
