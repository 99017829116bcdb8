/// Texts out of pieces that mean something to XML, Markdown, HTML, JSON, URIs or the runner of GitHub.
package func hostileText(_ generator: inout SplitMix64) -> String {
  let pieces = [
    "a", "Z", "7", "/", ".", "..", " ", "\t", "\n", "\r", "\r\n", "\0", "\u{1}", "\u{1B}[31m",
    "\u{7F}", "\u{85}", "\u{200B}", "\u{202E}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}",
    "\u{1F9E0}", "é", "e\u{301}", "<", ">", "&", "\"", "'", "<script>alert(1)</script>", "]]>",
    "<!--", "-->", "&lt;", "|", "`", "``", "\\", "*", "_", "[x](y)", "![", "#", "~~", "@user",
    "::error::", "%0A", "%", ":", ",", "=", ";", "$(x)", "{}", "?", "#frag", "\u{10FFFF}",
  ]
  return (0..<generator.integer(in: 1...8)).map { _ in
    pieces[generator.integer(in: 0...(pieces.count - 1))]
  }.joined()
}
