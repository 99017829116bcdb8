internal import Foundation

/// The natural logarithm.
func natural(_ x: Double) -> Double { log(x) }

/// e^{−x}.
func decayed(_ x: Double) -> Double { exp(-x) }
