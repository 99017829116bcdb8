internal import CertifyKernel

extension Rule {
  /// What the rule asks of the network, with its source, for readers who have only the report.
  var explanation: String {
    switch self {
    case .absoluteValue:
      "The comparison matrix, magnitudes of the weights off the diagonal, is stable when scaled by two positive "
        + "vectors; the metric is diagonal (arXiv:2106.08928, Theorem 1)."
    case .symmetric:
      "The weights are exactly symmetric and their largest eigenvalue times the largest slope is below 1 "
        + "(arXiv:2106.08928, Theorem 2)."
    case .productForm:
      "The weights are −P₁QP₂ with positive diagonal P₁, P₂ and symmetric Q ≻ 0 (arXiv:2106.08928, Theorem 3)."
    case .triangular:
      "The units have an order in which every connection runs forward, and each alone contracts "
        + "(arXiv:2106.08928, Theorem 4)."
    case .singularValue:
      "The largest singular value of the weights, in a diagonal metric, times the largest slope is below 1 "
        + "(arXiv:2106.08928, Theorem 5)."
    case .disk:
      "In a diagonal metric, the weights lie in a disk that keeps every slope's linear network stable."
    case .slopeLMI:
      "A linear matrix inequality with a full metric and one multiplier a unit covers all slopes at once."
    case .vertexLMI:
      "One full metric fits the linear network at every vertex of the slopes, each of which is checked."
    case .feedback:
      "Modules with linear couplings: what is skew in the modules' metrics costs nothing, the rest is taken from "
        + "the rate (arXiv:2106.08928, Section 2)."
    case .hierarchy:
      "Connections between modules run forward only: each module's own rate survives almost whole."
    case .globalWorkspace:
      "Modules that talk through one hub, whose couplings fit an arrow condition (Ennis, 2023, Section 3.1)."
    case .interconnection:
      "Modules coupled in any way: the matrix of their rates and of the norms between them is an M-matrix."
    case .step:
      "The certified flow, carried over to the step that runs, in the same metric."
    case .splitStep:
      "A leaking step for each unit, followed by a turn that keeps distances."
    }
  }
}
