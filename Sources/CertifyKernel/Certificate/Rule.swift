/// The rules by which the kernel accepts that a network contracts; the names stand in certificates.
public enum Rule: String, Sendable, Hashable, CaseIterable {
  case absoluteValue = "absolute-value"
  case symmetric
  case productForm = "product-form"
  case triangular
  case singularValue = "singular-value"
  case disk
  case slopeLMI = "slope-lmi"
  case vertexLMI = "vertex-lmi"
  case feedback
  case hierarchy
  case globalWorkspace = "global-workspace"
  case interconnection
  case step
  case splitStep = "split-step"
}

/// The rules by which the kernel accepts that a network does not contract.
public enum Refutation: String, Sendable, Hashable, CaseIterable {
  case unstableVertex = "unstable-vertex"
  case principalMinor = "principal-minor"
  case eulerSkew = "euler-skew"
}
