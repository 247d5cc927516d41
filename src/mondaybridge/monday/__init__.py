"""The adapter to monday.com: reads boards as values, writes the bridge's own cells, takes hints.

Imported lazily by commands that need it: gql alone costs a third of a second.
"""
