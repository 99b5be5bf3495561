"""torch.fft: the transforms, and their declarations with torch's signatures."""
