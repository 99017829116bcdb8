internal import Certify
internal import CertifyKernel
internal import TestSupport

/// Searches networks and has the exact oracle judge every claim that the kernel accepted.
package struct HonestyCampaign: Sendable {
  let options: HonestyOptions
  let checker = Checker(findsMaximumStep: false, findsLargestScale: false)
  /// Asks for the verdict alone, as often as a bisection does.
  let quickChecker = Checker(
    findsMaximumStep: false, findsLargestScale: false, findsImpossibilities: false)

  package init(_ options: HonestyOptions) { self.options = options }

  /// Runs all cases on the given number of threads; the result does not depend on that number.
  package func run() -> HonestyTally {
    if let only = options.only {
      var tally = HonestyTally()
      run(case: only, &tally)
      return tally
    }
    return runCases(options.count + options.near, threads: options.threads) { run(case: $0, &$1) }
  }

  /// The cases 0 ..< count are random, those after them near a boundary.
  func run(case index: Int, _ tally: inout HonestyTally) {
    var generator = SplitMix64(seed: options.seed &* 0x1_0000_0000 &+ UInt64(index))
    let ensemble = Ensemble.allCases[index % Ensemble.allCases.count]
    let units = size(ensemble, isNear: index >= options.count, &generator)
    do {
      let network = try ensemble.network(units: units, &generator)
      let place = Place(name: "seed \(options.seed) case \(index) \(ensemble.rawValue)")
      if index < options.count {
        examine(network, place, &generator, &tally)
      } else {
        for edge in try edges(of: network, &generator) {
          examine(edge, place, &generator, &tally)
        }
      }
    } catch { preconditionFailure("an ensemble made no network: \(error)") }
  }

  struct Place { let name: String }

  /// Mostly small networks, whose every vertex is looked at; few of up to twelve units.
  private func size(
    _ ensemble: Ensemble, isNear: Bool, _ generator: inout SplitMix64
  ) -> Int {
    let draw = generator.integer(in: 0...199)
    let n =
      switch draw {
      case ..<12: 1
      case ..<62: 2
      case ..<122: 3
      case ..<166: 4
      case ..<184: 5
      case ..<195: 6
      default: isNear ? 4 : generator.integer(in: 7...12)
      }
    // A nonlinear coupling doubles the number of slopes.
    return min(options.largest, ensemble == .nonlinear ? min(n, 3) : n)
  }

  /// The search in every scope; then attacks with what it found, and with certificates out of thin air.
  private func examine(
    _ network: Specification, _ place: Place, _ generator: inout SplitMix64,
    _ tally: inout HonestyTally
  ) {
    let exact = ExactNetwork(network)
    for scope in network.scopes {
      tally.examine(units: network.units)
      let finding = checker.check(network, scope)
      if case .undecided(let shortfall) = finding.result {
        tally.undecided(shortfall.obstruction.rule ?? "none", units: network.units)
      }
      if let certificate = finding.certificate {
        judge(certificate, exact, place, isAttack: false, &tally)
      }
      // Two attacks with a certificate that holds, one with a random one.
      if let certificate = finding.certificate {
        for _ in 0..<2 {
          let (mutant, claim) = Attack.mutant(network, certificate, &generator)
          attack(mutant, claim, exact, place, &tally)
        }
      }
      if let claim = Attack.random(network, scope, &generator) {
        attack(network, claim, exact, place, &tally)
      }
    }
  }

  /// Offers a claim to the kernel; what it accepts must be true.
  private func attack(
    _ network: Specification, _ claim: Certificate, _ exact: ExactNetwork, _ place: Place,
    _ tally: inout HonestyTally
  ) {
    tally.attempt()
    switch try? network.certify(using: claim) {
    case .certified?, .refuted?:
      judge(
        claim, network == exact.specification ? exact : ExactNetwork(network), place,
        isAttack: true, &tally)
    case .undecided?, nil: break
    }
  }

  private func judge(
    _ certificate: Certificate, _ exact: ExactNetwork, _ place: Place, isAttack: Bool,
    _ tally: inout HonestyTally
  ) {
    let label =
      switch certificate.claim {
      case .contracts(let proof): proof.rule.rawValue
      case .unstable(let claim): claim.refutation.rawValue
      }
    var contradiction: String?
    if case .contradicted(let why) = exact.judge(certificate) {
      contradiction =
        "\(place.name)\(isAttack ? " (attack)" : ""), \(certificate.scope.rawValue): \(why)\n"
        + "  \(exact.specification)\n  \(certificate.claim)"
    }
    tally.accept(
      label, units: exact.units, isAttack: isAttack, contradiction: contradiction)
  }

  /// sW on both sides of the largest s that is certified, a share of 1e-3 to 1e-12 apart; the network itself
  /// if no s in (2⁻¹⁰, 2¹⁰) is such an edge.
  private func edges(
    of network: Specification, _ generator: inout SplitMix64
  ) throws -> [Specification] {
    let scope = network.scopes[generator.integer(in: 0...(network.scopes.count - 1))]
    func isCertified(_ s: Double) throws -> Bool {
      let scaled = try network.scalingWeights(by: s)
      if case .certified = quickChecker.check(scaled, scope).result { return true }
      return false
    }
    var low = 1.0
    while try !isCertified(low) {
      low /= 2
      guard low > 0x1p-10 else { return [network] }
    }
    var high = low * 2
    while try isCertified(high) {
      (low, high) = (high, high * 2)
      guard high < 0x1p10 else { return [try network.scalingWeights(by: low)] }
    }
    let binades = generator.integer(in: 10...40)
    for _ in 0..<binades {
      let middle = low + (high - low) / 2
      if try isCertified(middle) { low = middle } else { high = middle }
    }
    return [try network.scalingWeights(by: low), try network.scalingWeights(by: high)]
  }
}
