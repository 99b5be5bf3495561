"""Recurrent layers' loops over time, one direction of one layer, forward and backward: ndarray → ndarray."""
