"""World to raw payload to observations: transports, catalogue, one source a publisher."""
