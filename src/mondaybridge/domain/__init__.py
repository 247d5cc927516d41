"""The rules, pure: told the time, the rows and the history, they answer with values."""
