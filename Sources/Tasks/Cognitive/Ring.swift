internal import Glibc

/// The ring of directions that stimuli and answers lie on.
enum Ring {
  /// θ_j = 2π j/16.
  static let directions = 16

  /// The angle of a direction, in radians; whole turns are not taken off.
  static func angle(_ direction: Int) -> Double { 2 * .pi * Double(direction) / Double(directions) }

  /// The direction in 0 ..< 16.
  static func wrapped(_ direction: Int) -> Int {
    let rest = direction % directions
    return rest < 0 ? rest + directions : rest
  }

  /// What a stimulus adds to the 16 channels of its ring.
  ///
  ///     o_j = 0.8 s exp(−(d_j / (π/8))² / 2),   d_j = the angle between it and θ_j, in [0, π]
  ///
  /// - Parameters:
  ///   - angle: the stimulus, radians, any number of turns.
  ///   - strength: s, 1 if nothing else is said.
  static func bump(at angle: Double, strength: Double) -> [Float] {
    let turn = 2 * Double.pi
    return (0..<directions).map { j in
      let apart = abs((angle - Self.angle(j)).remainder(dividingBy: turn))
      let width = apart / (.pi / 8)
      return Float(0.8 * strength * exp(-width * width / 2))
    }
  }
}
