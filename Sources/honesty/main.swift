// The campaign of `make honesty`: random and near-boundary networks through the whole search, every accepted
// certificate and refutation against exact arithmetic, and attacks on the kernel with certificates that
// nobody should believe. Exit status 1 if anything false was accepted.
//
//   honesty [--count N] [--near N] [--seed S] [--threads T] [--largest UNITS] [--case INDEX]
//   honesty --trees N [--seed S] [--threads T] [--case INDEX]
//                                   random trees of modules instead, without a search

internal import Foundation

do {
  let options = try HonestyOptions(CommandLine.arguments.dropFirst())
  if options.trees > 0 {
    let tally = TreeCampaign(options).run()
    print(tally.table)
    exit(tally.contradictions.isEmpty ? 0 : 1)
  }
  let tally = HonestyCampaign(options).run()
  print(tally.table)
  exit(tally.contradictions.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("honesty: \(error)\n".utf8))
  exit(2)
}
