"""What stress means for a mineral: one indicator a file, a registry in `base`."""
