import Testing

@testable import Tasks

@Suite("Images: sequences and batches") struct ImageSequenceTests {
  /// The scale that changes nothing.
  private func identity(_ channels: Int) throws -> Standardisation {
    try Standardisation(
      means: [Double](repeating: 0, count: channels),
      deviations: [Double](repeating: 1, count: channels))
  }

  /// Images whose pixel n of all is n.
  private func ramp(
    _ count: Int, rows: Int, columns: Int, channels: Int = 1
  ) throws -> ImageSet {
    let size = channels * rows * columns
    return try ImageSet(
      rows: rows, columns: columns, channels: channels,
      pixels: (0..<count * size).map { UInt8($0 % 256) }, labels: (0..<count).map { UInt8($0 % 10) }
    )
  }

  /// Sequences of the first images, as pixels from 0 to 255: [step][feature][column].
  private func sequence(
    _ images: ImageSet, _ sequence: ImageSequence, columns: Int = 1
  ) throws -> (shape: [Int], values: [Float]) {
    let batches = try ImageBatches(
      images, as: sequence, standardisation: identity(images.channels), columns: columns, seed: 1)
    let batch = batches.evaluation()[0]
    return ([batch.steps, batch.features, batch.columns], batch.inputs.map { $0 * 255 })
  }

  private func close(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }
  }

  @Test func rows() throws {
    let grey = try sequence(ramp(2, rows: 2, columns: 3), ImageSequence(.rows), columns: 2)
    #expect(grey.shape == [2, 3, 2])
    #expect(close(grey.values, [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]))
    // Two channels: the row of the first, then that of the second.
    let colour = try sequence(ramp(1, rows: 2, columns: 2, channels: 2), ImageSequence(.rows))
    #expect(colour.shape == [2, 4, 1])
    #expect(close(colour.values, [0, 1, 4, 5, 2, 3, 6, 7]))
  }

  @Test func pixels() throws {
    let grey = try sequence(ramp(2, rows: 2, columns: 2), ImageSequence(.pixels), columns: 2)
    #expect(grey.shape == [4, 1, 2])
    #expect(close(grey.values, [0, 4, 1, 5, 2, 6, 3, 7]))
    let colour = try sequence(ramp(1, rows: 1, columns: 2, channels: 3), ImageSequence(.pixels))
    #expect(colour.shape == [2, 3, 1])
    #expect(close(colour.values, [0, 2, 4, 1, 3, 5]))
  }

  @Test func pooling() throws {
    let images = try ramp(1, rows: 4, columns: 6)
    let byPixel = try sequence(images, ImageSequence(.pixels, pooling: 2))
    #expect(byPixel.shape == [6, 1, 1])
    #expect(close(byPixel.values, [3.5, 5.5, 7.5, 15.5, 17.5, 19.5]))
    let byRow = try sequence(images, ImageSequence(.rows, pooling: 2))
    #expect(byRow.shape == [2, 3, 1])
    #expect(close(byRow.values, byPixel.values))
    let colour = try sequence(
      ramp(1, rows: 2, columns: 2, channels: 3), ImageSequence(.pixels, pooling: 2))
    #expect(colour.shape == [1, 3, 1])
    #expect(close(colour.values, [1.5, 5.5, 9.5]))
  }

  @Test(arguments: [
    (ImageSequence(.rows), [28, 28]), (ImageSequence(.pixels), [784, 1]),
    (ImageSequence(.pixels, pooling: 2), [196, 1]), (ImageSequence(.rows, pooling: 4), [7, 7]),
    (ImageSequence(.pixels, order: .shuffled(seed: 3)), [784, 1]),
  ])
  func shapesOfMNIST(sequence: ImageSequence, shape: [Int]) throws {
    let plan = try ImageSequencePlan(sequence, rows: 28, columns: 28, channels: 1)
    #expect([plan.steps, plan.features] == shape)
  }

  @Test func shapesOfCIFAR() throws {
    let pixels = try ImageSequencePlan(ImageSequence(.pixels), rows: 32, columns: 32, channels: 3)
    #expect((pixels.steps, pixels.features) == (1024, 3))
    let rows = try ImageSequencePlan(ImageSequence(.rows), rows: 32, columns: 32, channels: 3)
    #expect((rows.steps, rows.features) == (32, 96))
  }

  @Test func orders() throws {
    let images = try ramp(1, rows: 2, columns: 3)
    let explicit = ImageSequence(.pixels, order: .explicit([5, 0, 4, 1, 3, 2]))
    #expect(close(try sequence(images, explicit).values, [5, 0, 4, 1, 3, 2]))
    let rows = ImageSequence(.rows, order: .explicit([1, 0]))
    #expect(close(try sequence(images, rows).values, [3, 4, 5, 0, 1, 2]))
    let order = ImageSequence.permutation(count: 784, seed: 9)
    #expect(order.sorted() == Array(0..<784))
    #expect(order != Array(0..<784))
    #expect(order == ImageSequence.permutation(count: 784, seed: 9))
    #expect(order != ImageSequence.permutation(count: 784, seed: 10))
    let seeded = try ImageSequencePlan(
      ImageSequence(.pixels, order: .shuffled(seed: 9)), rows: 28, columns: 28, channels: 1)
    #expect(seeded.starts == order)
  }

  /// All 24 orders of four, about equally often.
  @Test func permutationsAreUniform() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<4800 {
      counts[ImageSequence.permutation(count: 4, seed: UInt64(seed)), default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 200) < 65 })
  }

  @Test(arguments: [
    (ImageSequence(.rows, pooling: 3), ImageSequenceError.pooling(factor: 3, rows: 2, columns: 3)),
    (ImageSequence(.rows, pooling: 2), .pooling(factor: 2, rows: 2, columns: 3)),
    (ImageSequence(.pixels, order: .explicit([0, 1])), .orderLength(found: 2, steps: 6)),
    (ImageSequence(.pixels, order: .explicit([])), .orderLength(found: 0, steps: 6)),
    (
      ImageSequence(.pixels, order: .explicit([0, 1, 2, 3, 4, 6])),
      .notAPermutation(position: 5, place: 6, steps: 6)
    ),
    (
      ImageSequence(.pixels, order: .explicit([0, 1, -1, 3, 4, 5])),
      .notAPermutation(position: 2, place: -1, steps: 6)
    ),
    (
      ImageSequence(.pixels, order: .explicit([0, 1, 2, 1, 4, 5])),
      .notAPermutation(position: 3, place: 1, steps: 6)
    ),
    (ImageSequence(.rows, order: .explicit([0, 1, 2])), .orderLength(found: 3, steps: 2)),
  ])
  func badSequences(sequence: ImageSequence, error: ImageSequenceError) {
    #expect(throws: error) {
      try ImageSequencePlan(sequence, rows: 2, columns: 3, channels: 1)
    }
  }

  @Test func messages() {
    #expect(
      ImageSequenceError.notAPermutation(position: 3, place: 1, steps: 6).description
        == "the order names place 1 twice, again at 3")
    #expect(
      ImageSequenceError.notAPermutation(position: 3, place: 9, steps: 6).description
        == "the order names place 9 at 3, there are 6, 0 to 5")
  }

  @Test func standardisation() throws {
    let images = try ImageSet(
      rows: 1, columns: 2, channels: 2, pixels: [0, 255, 51, 51, 0, 255, 102, 102], labels: [1, 2])
    let scale = try Standardisation(of: images)
    #expect(abs(scale.means[0] - 0.5) < 1e-15)
    #expect(abs(scale.deviations[0] - 0.5) < 1e-15)
    #expect(abs(scale.means[1] - 0.3) < 1e-15)
    #expect(abs(scale.deviations[1] - 0.1) < 1e-15)
    let batches = try ImageBatches(
      images, as: ImageSequence(.pixels), standardisation: scale, columns: 2, seed: 1)
    let expected: [Float] = [-1, -1, -1, 1, 1, 1, -1, 1]
    #expect(zip(batches.evaluation()[0].inputs, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    let stored = try Standardisation(means: scale.means, deviations: scale.deviations)
    #expect(stored == scale)
  }

  @Test(
    arguments: [
      ([], []), ([0], []), ([0], [0]), ([0], [-1]), ([0], [.nan]), ([.nan], [1]),
      ([.infinity], [1]),
      ([0, 0], [1]), ([0], [.infinity]),
    ] as [([Double], [Double])])
  func badScales(means: [Double], deviations: [Double]) {
    #expect(throws: ImageSequenceError.self) {
      try Standardisation(means: means, deviations: deviations)
    }
  }

  @Test func constantAndMismatched() throws {
    let black = try ImageSet(rows: 1, columns: 2, channels: 1, pixels: [7, 7], labels: [0])
    #expect(throws: ImageSequenceError.self) { try Standardisation(of: black) }
    #expect(throws: ImageSequenceError.channelMismatch(images: 1, standardisation: 3)) {
      try ImageBatches(
        black, as: ImageSequence(.rows), standardisation: identity(3), columns: 1, seed: 1)
    }
  }

  @Test func epochs() throws {
    let images = try ramp(23, rows: 2, columns: 2)
    let make = { (seed: UInt64) in
      try ImageBatches(
        images, as: ImageSequence(.pixels), standardisation: identity(1), columns: 5, seed: seed)
    }
    let batches = try make(1)
    let epoch = batches.training(epoch: 3)
    #expect(epoch.count == 4)
    #expect(epoch.order.sorted() == Array(0..<23))
    #expect(epoch.flatMap(\.places) == Array(epoch.order[..<20]))
    #expect(epoch.allSatisfy { $0.columns == 5 && $0.labels.count == 5 })
    #expect(try make(1).training(epoch: 3).order == epoch.order)
    #expect(try make(2).training(epoch: 3).order != epoch.order)
    #expect(batches.training(epoch: 4).order != epoch.order)
    #expect(epoch[2] == (try make(1).training(epoch: 3)[2]))
    for batch in epoch {
      for (column, place) in batch.places.enumerated() {
        #expect(batch.labels[column] == Int32(images.labels[place]))
        let shown = (0..<4).map { batch.inputs[$0 * 5 + column] * 255 }
        #expect(close(shown, images.image(place).map(Float.init)))
      }
    }
    let evaluation = batches.evaluation()
    #expect(evaluation.count == 5)
    #expect(evaluation.flatMap(\.places) == Array(0..<23))
    #expect(evaluation[4].columns == 3)
    #expect(evaluation[4].inputs.count == 12)
    let few = try images.split([3, 20, 0])
    #expect(few.map(\.count) == [3, 20, 0])
    let narrow = try ImageBatches(
      few[0], as: ImageSequence(.rows), standardisation: identity(1), columns: 5, seed: 1)
    #expect(narrow.training(epoch: 0).isEmpty)
    #expect(narrow.evaluation().count == 1)
  }

  @Test func splits() throws {
    let images = try ramp(10, rows: 1, columns: 1)
    let parts = try images.split([8, 2])
    #expect(parts[0].pixels == Array(0..<8))
    #expect(parts[1].pixels == [8, 9])
    #expect(parts[1].labels == [8, 9])
    #expect(throws: ImageError.tooFew(images: 10, parts: [8, 3])) { try images.split([8, 3]) }
    #expect(throws: ImageError.tooFew(images: 10, parts: [.max, 1])) {
      try images.split([.max, 1])
    }
  }
}
