/// Images as sequences, in batches.
///
/// The order of an epoch depends on the seed and the epoch's number only, so training can stop and go on.
public struct ImageBatches: Sendable {
  public let images: ImageSet
  public let plan: ImageSequencePlan
  /// B, sequences side by side.
  public let columns: Int
  private let root: Seeded
  /// For each channel, what a sum of pooled pixels becomes.
  private let values: [[Float]]

  /// Batches of a set of images.
  ///
  /// - Parameters:
  ///   - images: at least one.
  ///   - sequence: what they become.
  ///   - standardisation: the scale, of the images that are trained on.
  ///   - columns: B, at least 1.
  ///   - seed: of the orders in which epochs run.
  /// - Throws: `ImageSequenceError`, if the sequence or the scale does not fit the images.
  public init(
    _ images: ImageSet, as sequence: ImageSequence, standardisation: Standardisation, columns: Int,
    seed: UInt64
  ) throws(ImageSequenceError) {
    precondition(columns > 0, "batches of \(columns) columns")
    guard standardisation.means.count == images.channels else {
      throw .channelMismatch(
        images: images.channels, standardisation: standardisation.means.count)
    }
    plan = try ImageSequencePlan(
      sequence, rows: images.rows, columns: images.columns, channels: images.channels)
    self.images = images
    self.columns = columns
    root = Seeded(seed: seed)
    let area = sequence.pooling * sequence.pooling
    values = (0..<images.channels).map { channel in
      (0...255 * area).map { sum in
        let mean = Double(sum) / Double(255 * area)
        return Float((mean - standardisation.means[channel]) / standardisation.deviations[channel])
      }
    }
  }

  /// An epoch of training, number 0 or more: all images in a new order, without the last `count mod B` of it.
  public func training(epoch: Int) -> ImageEpoch {
    precondition(epoch >= 0, "epoch \(epoch)")
    var generator = root.child(UInt64(epoch))
    let order = shuffled(images.count, using: &generator)
    return ImageEpoch(batches: self, order: order, count: images.count / columns)
  }

  /// All images in the order of the set; the last batch may be narrower.
  public func evaluation() -> ImageEpoch {
    let count = (images.count + columns - 1) / columns
    return ImageEpoch(batches: self, order: Array(0..<images.count), count: count)
  }

  /// The images of some places in the set as one batch.
  public func batch(of places: ArraySlice<Int>) -> ImageBatch {
    let width = places.count
    let size = plan.steps * plan.features
    precondition(places.allSatisfy { (0..<images.count).contains($0) }, "no such image")
    let inputs = [Float](unsafeUninitializedCapacity: size * width) { buffer, initialized in
      images.pixels.withUnsafeBufferPointer { pixels in
        for value in 0..<size {
          let table = values[plan.channels[value % plan.features]]
          for (column, place) in places.enumerated() {
            let sum = plan.sum(pixels, offset: place * images.imageSize, value: value)
            buffer[value * width + column] = table[sum]
          }
        }
      }
      initialized = size * width
    }
    return ImageBatch(
      steps: plan.steps, features: plan.features, columns: width, inputs: inputs,
      labels: places.map { Int32(images.labels[$0]) }, places: Array(places))
  }
}

/// The batches of one epoch, each made when it is asked for.
public struct ImageEpoch: RandomAccessCollection, Sendable {
  let batches: ImageBatches
  /// All images of the set, in the order of the epoch.
  public let order: [Int]
  /// Batches of the epoch.
  public let count: Int

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(number: Int) -> ImageBatch {
    precondition((0..<count).contains(number), "batch \(number) of \(count)")
    let start = number * batches.columns
    let end = Swift.min(start + batches.columns, order.count)
    return batches.batch(of: order[start..<end])
  }
}

/// Images side by side, as a network is run on them.
public struct ImageBatch: Sendable, Hashable {
  /// T.
  public let steps: Int
  /// Values of a step.
  public let features: Int
  /// B.
  public let columns: Int
  /// [T][features][B], the column running fastest.
  public let inputs: [Float]
  /// B classes.
  public let labels: [Int32]
  /// B places in the set of images.
  public let places: [Int]
}
