internal import CertifyKernel

extension TreeGrower {
  /// How a pair of modules is coupled.
  private enum Link { case skew, skewInSingle, linear, nonlinear, recurrent }

  /// The parts coupled by a random structure, weaker and weaker until the kernel accepts the whole.
  mutating func couple(
    _ parts: [Part], of units: [Int], _ generator: inout SplitMix64
  ) -> Part? {
    let structure: Argument.Structure =
      switch generator.integer(in: 0...4) {
      case 0: allowsL ? .feedback : .interconnection
      case 1: .hierarchy
      case 2: .globalWorkspace(hub: generator.integer(in: 0...(parts.count - 1)))
      default: .interconnection
      }
    let (v, w) = scales(structure, parts.count, &generator)
    let saved = (W, L, K)
    var size = 0.5
    for _ in 0..<5 {
      for a in parts.indices {
        for b in parts.indices where a < b {
          if case .globalWorkspace(let hub) = structure, a != hub, b != hub { continue }
          if generator.integer(in: 0...4) == 0 { continue }
          link(
            parts[a], parts[b],
            ratio: Rational(w[a]) * Rational(v[b]) / Rational(v[a]) / Rational(w[b]),
            structure, size, &generator)
        }
      }
      let components = parts.map { part in
        part.units.map { Int32(units.firstIndex(of: $0) ?? -1) }
      }
      var assembly = Argument.Assembly(
        structure, components: components, proofs: parts.map(\.proof), columnScaling: v,
        rowScaling: w)
      if scope == .continuous, generator.integer(in: 0...1) == 0, let network = network(of: units) {
        assembly = network.claimingNorms(in: assembly, &generator)
      }
      if let part = part(units, .assembly(assembly), &generator) { return part }
      (W, L, K) = saved
      size /= 4
    }
    return nil
  }

  private func scales(
    _ structure: Argument.Structure, _ count: Int, _ generator: inout SplitMix64
  ) -> (v: [Double], w: [Double]) {
    if structure == .hierarchy {
      let k = generator.integer(in: 1...3)
      func powers(_ sign: Int) -> [Double] {
        (0..<count).map { Double(sign: .plus, exponent: sign * k * $0, significand: 1) }
      }
      return (powers(1), powers(-1))
    }
    func random() -> [Double] {
      let isShort = generator.integer(in: 0...3) > 0
      return (0..<count).map { _ in
        isShort
          ? Double(sign: .plus, exponent: generator.integer(in: -1...1), significand: 1)
          : 0.5 + generator.unit()
      }
    }
    return (random(), random())
  }

  private mutating func link(
    _ a: Part, _ b: Part, ratio: Rational, _ structure: Argument.Structure, _ size: Double,
    _ generator: inout SplitMix64
  ) {
    var choices: [Link] = [.linear, .recurrent]
    if form == .outside { choices += [.nonlinear] }
    if allowsL, scope == .continuous, structure != .hierarchy { choices += [.skew, .skewInSingle] }
    if !allowsL { choices.removeAll { $0 == .linear } }
    if structure == .feedback { choices = [.skew, .skew, .skewInSingle, .linear] }
    for _ in 0..<generator.integer(in: 1...2) {
      let link = choices[generator.integer(in: 0...(choices.count - 1))]
      switch link {
      case .skew, .skewInSingle:
        skew(a, b, ratio: ratio, inSingle: link == .skewInSingle, &generator)
      case .linear, .nonlinear, .recurrent:
        for (to, from, isBackward) in [(b, a, false), (a, b, true)] {
          if isBackward, structure == .hierarchy { continue }
          for i in to.units {
            for j in from.units where generator.integer(in: 0...3) > 0 {
              let x = size * Self.short(&generator)
              switch link {
              case .linear: L[i, j] += x
              case .nonlinear: K[i, j] += x
              default: W[i, j] += x
              }
            }
          }
        }
      }
    }
  }

  /// L_ab = T_a M_a⁻¹ Z and L_ba = −(θ_a/θ_b) T_b M_b⁻¹ Zᵀ, rounded: skew, exactly where these are doubles.
  private mutating func skew(
    _ a: Part, _ b: Part, ratio: Rational, inSingle: Bool, _ generator: inout SplitMix64
  ) {
    let size = [0.25, 1, 4, 16][generator.integer(in: 0...3)]
    let Z = RationalMatrix(rows: a.units.count, columns: b.units.count) { _, _ in
      Rational(size * Self.short(&generator))
    }
    func add(_ to: Part, _ from: Part, _ block: RationalMatrix) {
      for (x, i) in to.units.enumerated() {
        let τ = tau.count == 1 ? Rational(tau[0]) : Rational(tau[i])
        for (y, j) in from.units.enumerated() {
          let entry = (block[x, y] * τ).approximation
          L[i, j] += inSingle ? Double(Float(entry)) : entry
        }
      }
    }
    add(a, b, a.inverse * Z)
    add(b, a, b.inverse * Z.transposed * -ratio)
  }
}

extension Specification {
  /// The assembly with random norms claimed, each nearly the least that the kernel lets pass.
  func claimingNorms(
    in assembly: Argument.Assembly, _ generator: inout SplitMix64
  ) -> Argument.Assembly {
    guard let loads = try? pairLoads(of: assembly, .continuous).value else { return assembly }
    func claiming(_ norms: [NormClaim]) -> Argument.Assembly {
      Argument.Assembly(
        assembly.structure, components: assembly.components, proofs: assembly.proofs,
        columnScaling: assembly.columnScaling, rowScaling: assembly.rowScaling, norms: norms)
    }
    var norms: [NormClaim] = []
    for load in loads {
      let known: [(NormClaim.Kind, Double)] = [
        (.residual, load.residual), (.toFirst, load.toFirst), (.toSecond, load.toSecond),
      ]
      for (kind, most) in known where most > 0 && generator.integer(in: 0...2) > 0 {
        func claim(_ σ: Double) -> NormClaim {
          NormClaim(first: load.first, second: load.second, kind: kind, bound: σ)
        }
        var (low, high) = (0.0, most)
        for _ in 0..<generator.integer(in: 3...40) {
          let middle = low + (high - low) / 2
          let outcome = try? pairLoads(of: claiming([claim(middle)]), .continuous)
          if case .accepted? = outcome { high = middle } else { low = middle }
        }
        if high < most { norms.append(claim(high)) }
      }
    }
    return claiming(norms)
  }
}
