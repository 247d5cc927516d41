"""What each board column means, who is billed and how: ``mappings.yaml`` as checked values."""
