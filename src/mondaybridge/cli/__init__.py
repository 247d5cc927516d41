"""The command line: one file per command group, thin; heavy imports wait inside the commands."""
