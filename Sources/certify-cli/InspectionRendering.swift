import Certify
import Checkpoints

extension Inspection {
  var text: String {
    var lines = [
      "\(printable(path)): \(format.rawValue), \(entries.count) tensor\(entries.count == 1 ? "" : "s")"
    ]
    let width = entries.map { printable($0.name).count }.max() ?? 0
    for entry in entries {
      let name = printable(entry.name)
      let padding = String(repeating: " ", count: width - name.count)
      lines.append("  \(name)\(padding)  \(entry.dtype.rawValue)  \(entry.shape)")
    }
    switch recognised {
    case .success(let line): lines.append("recognised: \(printable(line))")
    case .failure(let error): lines.append("not recognised: \(printable("\(error)"))")
    }
    return lines.joined(separator: "\n")
  }
}
