"""Two runs of the whole bridge against the sandbox: an invented month, and real old data."""
