// The campaign of `make honesty`: random and near-boundary networks through the whole search, every accepted
// certificate and refutation against exact arithmetic, and attacks on the kernel with certificates that
// nobody should believe. Exit status 1 if anything false was accepted.
//
//   honesty [--count N] [--near N] [--seed S] [--threads T] [--largest UNITS] [--case INDEX]

internal import Foundation

do {
  let options = try HonestyOptions(CommandLine.arguments.dropFirst())
  let tally = HonestyCampaign(options).run()
  print(tally.table)
  exit(tally.contradictions.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("honesty: \(error)\n".utf8))
  exit(2)
}
