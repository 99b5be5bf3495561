"""torch.fft: the transforms, and their declarations, along one dimension and over several, with torch's signatures."""
