"""What runs due work: today one process; the simulator of the tests is the other runner."""
