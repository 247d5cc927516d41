"""The order of steps, nothing else: what is due, and how one piece of work is done."""
