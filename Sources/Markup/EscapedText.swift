/// A text from outside with escapes for what could break or dress a line: control characters, line and paragraph
/// separators, and marks that reorder text.
package func escapedControls(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A text for XML 1.0, HTML and SVG, in attributes and between tags; what XML cannot hold at all is written as an escape.
package func xml(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // Line breaks in attributes would be read as blanks.
    case "\n": result += "&#10;"
    default:
      let isNonCharacter = scalar.value & 0xFFFE == 0xFFFE
      if isNonCharacter {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result += escapedControls(String(scalar))
      }
    }
  }
  return result
}

/// `text` on one line of at most 120 characters, control characters and the like written as escapes.
package func printable(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let shown = escapedControls(String(scalars.prefix(120)))
  return scalars.count > 120 ? shown + "…" : shown
}
