/// "1 unit", "2 units": a number with a word whose plural has an s.
package func counted(_ count: Int, _ word: String) -> String {
  "\(count) \(word)\(count == 1 ? "" : "s")"
}
