"""Read models: what people ask about the state, as plain values ready to print."""
