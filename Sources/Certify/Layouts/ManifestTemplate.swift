internal import CertifyKernel
public import Checkpoints

/// A commented manifest for a checkpoint: its tensors, and a guess that the user has to confirm.
///
/// What the names and shapes suggest is filled in; everything that they cannot tell (the form, the activation)
/// is left commented out, so that the text as it stands is refused until somebody has decided.
///
/// - Complexity: linear in the number of tensors; none is read.
public func manifestTemplate(for checkpoint: Checkpoint) -> String {
  var text = """
    # What the tensors of this file mean, for `certify check --manifest FILE`.
    # Nothing here is believed: uncomment and correct what applies. Keys outside this list are errors.
    #
    # The tensors of the file:

    """
  for entry in checkpoint.entries.prefix(200) {
    text += "#   \(tomlText(entry.name))  \(entry.shape)  \(entry.dtype.rawValue)\n"
  }
  if checkpoint.entries.count > 200 {
    text += "#   and \(checkpoint.entries.count - 200) more\n"
  }
  let candidates = recurrentCandidates(checkpoint)
  text += "\n[network]\n"
  text += "# form = \"outside\"        # outside: τ x' = -x + W φ(x) + L x + K ψ(x) + u\n"
  text +=
    "#                          inside:  τ h' = -h + φ(W h + u) + L h      map: h⁺ = φ(W h + u)\n"
  if candidates.isEmpty {
    text += "# recurrent = \"W\"         # no square tensor of floating-point numbers was found\n"
  } else {
    text +=
      "recurrent = \(tomlText(candidates[0]))  # n x n; W[i, j] is from unit j to unit i; confirm\n"
    for other in candidates.dropFirst().prefix(20) {
      text += "#           \(tomlText(other))  # square as well\n"
    }
  }
  text += """
    # recurrent = { indptr = "p", indices = "j", values = "w" }   # compressed sparse rows instead
    # parametrisation = "symmetric"   # spectral | symmetric | matsuoka, for weights stored in pieces
    # coupling = "L"           # linear, n x n
    # nonlinear-coupling = "K" # n x n, form outside; needs coupling-slopes = [0.0, 1.0]
    # activation = "tanh"      # \(Activation.names.joined(separator: " | ")); leaky-relu needs negative-slope
    # slopes = [0.0, 1.0]      # instead of activation
    # modules = [32, 32]       # sizes in order; default one module
    # workspace = 0            # index of the hub module; no two others are coupled
    # time-constant = 1.0      # or one per module; "3/10" and "0x1.8p-2" are exact

    # [metric]                 # proposed by the file, always checked again
    # diagonal = "m"           # or blocks = ["M0", "M1"], one a module

    # [step]                   # how the network is run; leave it out for continuous time only
    # scheme = "euler"         # euler | semi-implicit | exponential | implicit | split (with leak = "a")
    # size = 0.03              # unit i advances by size/τ_i

    """
  return text
}

/// Square floating-point tensors, those with recurrent names first, then by size.
private func recurrentCandidates(_ checkpoint: Checkpoint) -> [String] {
  func looksRecurrent(_ name: String) -> Bool {
    ["hh", "h2h", "recurrent", "W_rec", "w_rec"].contains { name.contains($0) } || name == "W"
  }
  let square = checkpoint.entries.filter {
    $0.shape.count == 2 && $0.shape[0] == $0.shape[1] && $0.shape[0] > 0
      && $0.dtype.isFloatingPoint && !$0.name.hasSuffix(".Id")
  }
  return square.sorted { a, b in
    let (x, y) = (looksRecurrent(a.name), looksRecurrent(b.name))
    return x != y ? x : (-a.shape[0], a.name) < (-b.shape[0], b.name)
  }.map { entry in
    // A parametrised tensor is described by the name it would have whole.
    let marker = ".parametrizations."
    guard entry.name.hasSuffix(".original"), let at = entry.name.firstRange(of: marker) else {
      return entry.name.hasSuffix("_orig") ? String(entry.name.dropLast(5)) : entry.name
    }
    return "\(entry.name[..<at.lowerBound]).\(entry.name[at.upperBound...].dropLast(9))"
  }
}

/// A TOML basic string.
func tomlText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
