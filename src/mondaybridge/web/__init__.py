"""What the outside may ask over HTTP: it can enqueue a hint and learn that the process lives."""
