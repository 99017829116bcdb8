internal import Checkpoints
import CertifyKernel

/// All there is to show of one model: the verdict, and what explains it.
///
/// The report is the kernel's. Spectra and trajectories are worked out in floating point and illustrate it.
public struct Portrait: Sendable {
  public let report: ModelReport
  /// At the ends of the slopes, and at the vertex that refutes, for each scope judged.
  public let spectra: [Spectrum]
  public let stepCurve: StepCurve?
  /// Which single units and modules can go with the same metric and rate; nil where nothing is certified.
  public let survivals: SurvivalReport?
  /// Two trajectories that do not approach each other, for what is refuted.
  public let replays: [Replay]
}

/// How to portray models: the same for all models of a run.
public struct PortraitJob: Sendable {
  public var check: CheckJob
  /// Floating-point operations that may be spent on the units and modules of one model that can go.
  public var surgeryBudget = 5e8

  public init(_ check: CheckJob) { self.check = check }

  /// Judges one model and works out its pictures. Safe to call from several threads at once.
  public func run(_ path: String) -> Portrait {
    let report = check.run(path)
    guard case .judged(let judgement) = report.outcome else {
      return Portrait(report: report, spectra: [], stepCurve: nil, survivals: nil, replays: [])
    }
    let network = judgement.specification
    return Portrait(
      report: report, spectra: judgement.findings.flatMap { spectra(network, $0) },
      stepCurve: StepCurve(network, judgement.findings),
      survivals: SurvivalReport(
        judgement, structural(network, judgement.findings), [.unit, .module],
        budget: surgeryBudget),
      replays: judgement.findings.compactMap { finding in
        guard case .refuted(let witness, _) = finding.result else { return nil }
        return
          (try? RealisedWitness(network, witness, activation: judgement.activation))?
          .replay(budget: 400_000_000)
      })
  }

  /// The findings as `certify ablate --report` has them: steps of assemblies from their modules.
  private func structural(_ network: Specification, _ findings: [Finding]) -> [Finding] {
    guard network.modules.count > 1, let run = findings.firstIndex(where: { $0.scope == .asRun }),
      case .certified(let found) = findings[run].result, found.guarantee.rule == .slopeLMI
    else { return findings }
    var hint: Certified<Specification>?
    if case .certified(let flow)? = findings.first?.result, run > 0 { hint = flow }
    let other = SurgeryJob.surgeon.check(network, .asRun, hint: hint)
    var findings = findings
    if other.isCertified { findings[run] = other }
    return findings
  }

  private func spectra(_ network: Specification, _ finding: Finding) -> [Spectrum] {
    var found = [Spectrum.Vertex.lower, .upper].compactMap {
      Spectrum(network, finding.scope, $0)
    }
    if case .refuted(let witness, _) = finding.result {
      let active = witness.instability.active
      if !active.isEmpty, active.count < network.units,
        let own = Spectrum(network, finding.scope, .witness, active: active)
      {
        found.append(own)
      }
    }
    return found
  }
}
