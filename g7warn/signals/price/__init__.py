"""Price indicators: what the price has done, and what it may do; rises and falls alike."""
