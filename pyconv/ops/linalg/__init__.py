"""Linear algebra over numpy.linalg: systems of equations, factorizations and what is made of them."""
