"""Market distortion: one benchmark alone reads the wrong sign when trade is restricted."""
