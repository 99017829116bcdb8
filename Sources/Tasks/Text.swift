/// The number of letters to insert, delete or replace to turn one word into the other (Levenshtein).
///
/// - Complexity: O(a.count · b.count).
func editDistance(_ a: String, _ b: String) -> Int {
  let target = Array(b.utf8)
  var row = Array(0...target.count)
  for (i, letter) in a.utf8.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in target.indices {
      let replaced = diagonal + (letter == target[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[target.count]
}
