import Testing
import honesty

/// The campaign of `make honesty`, small.
@Suite struct HonestyTests {
  @Test(arguments: [UInt64(20), 21])
  func nothingFalseIsAccepted(seed: UInt64) {
    var options = HonestyOptions()
    options.count = 84
    options.near = 14
    options.seed = seed
    options.largest = 5
    let tally = HonestyCampaign(options).run()
    #expect(tally.contradictions.isEmpty, "\(tally.contradictions.first ?? "")")
    // Enough was decided for that to mean something.
    #expect(tally.accepted > 100 && tally.acceptedAttacks > 60, "\(tally.table)")
    #expect(tally.labels.count >= 8, "\(tally.labels)")
  }

  @Test func optionsAreReadOrRefused() throws {
    let options = try HonestyOptions([
      "--count", "7", "--near", "0", "--seed", "3", "--threads", "1",
    ])
    #expect(options.count == 7 && options.near == 0 && options.seed == 3 && options.threads == 1)
    for bad in [
      ["--count"], ["--count", "x"], ["--count", "-1"], ["--threads", "0"], ["--what", "1"],
      ["--count", "5", "--near", "2", "--case", "7"],
    ] {
      #expect(throws: HonestyOptions.Misuse.self) { try HonestyOptions(bad) }
    }
  }

  /// The result is that of the seed, whatever the number of threads.
  @Test func runsAreReplayed() {
    var options = HonestyOptions()
    (options.count, options.near, options.seed, options.largest) = (28, 2, 9, 3)
    options.threads = 1
    let one = HonestyCampaign(options).run()
    options.threads = 3
    #expect(HonestyCampaign(options).run().table == one.table)
    // Case by case it is the same run.
    var sum = HonestyTally()
    for index in 0..<(options.count + options.near) {
      options.only = index
      sum.merge(HonestyCampaign(options).run())
    }
    #expect(sum.table == one.table)
  }
}
