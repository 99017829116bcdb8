import CertifyKernel

/// Proposes a metric for all vertices of the slopes, with the bound that floating point finds for it.
enum VertexLMIProposer {
  /// - Parameter estimate: the rate (factor) per time constant, as `VertexMetric` counts it.
  static func offer(
    _ problem: Problem, _ metric: Matrix, estimate: Double, to acceptance: inout Acceptance
  ) {
    guard let least = LAPACKBackend.extremeEigen(metric, largest: false)?.value, least > 0 else {
      return
    }
    let scale = problem.scope == .continuous ? problem.uniformPace ?? 1 : 1
    let argument = Argument.vertexLMI(metric: metric, floor: least * (1 - 0x1p-10))
    let bound = estimate * scale
    acceptance.offer(argument, estimate: bound, scale: 1 + abs(bound))
  }
}
