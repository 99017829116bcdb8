/// How an image becomes a sequence.
///
/// Values are means over pooled pixels, in [0, 1] before `Standardisation`.
public struct ImageSequence: Sendable, Hashable {
  /// What one step shows.
  public enum Scan: String, CaseIterable, Sendable, Hashable {
    /// A row from left to right, one channel after the other: MNIST has 28 steps of 28.
    case rows
    /// A pixel in all its channels: MNIST has 784 steps of 1, CIFAR 1024 of 3.
    case pixels
  }

  /// The order of the steps, the same for all images.
  public enum Order: Sendable, Hashable {
    /// From top to bottom, and of pixels from left to right.
    case natural
    /// Shuffled by a seed (Fisher–Yates): permuted sequential MNIST.
    case shuffled(seed: UInt64)
    /// Step t shows what the natural order shows at step order[t].
    case explicit([Int])
  }

  public let scan: Scan
  /// Squares of so many pixels in each direction become one, their mean; 1 leaves the image as it is.
  public let pooling: Int
  public let order: Order

  public init(_ scan: Scan, pooling: Int = 1, order: Order = .natural) {
    precondition((1...64).contains(pooling), "pooling over \(pooling) pixels")
    self.scan = scan
    self.pooling = pooling
    self.order = order
  }

  /// The permutation of a seed.
  public static func permutation(count: Int, seed: UInt64) -> [Int] {
    var generator = Seeded(seed: seed)
    return shuffled(count, using: &generator)
  }
}

/// What is wrong with the sequence that images are to become.
public enum ImageSequenceError: Error, Sendable, Hashable, CustomStringConvertible {
  case pooling(factor: Int, rows: Int, columns: Int)
  case orderLength(found: Int, steps: Int)
  /// A place that is out of range, or named a second time.
  case notAPermutation(position: Int, place: Int, steps: Int)
  case standardisation(means: [Double], deviations: [Double])
  case channelMismatch(images: Int, standardisation: Int)

  public var description: String {
    switch self {
    case .pooling(let factor, let rows, let columns):
      "images of \(rows) × \(columns) pixels do not divide into squares of \(factor) × \(factor)"
    case .orderLength(let found, let steps):
      "the order has \(found) places, the sequence \(steps) steps"
    case .notAPermutation(let position, let place, let steps):
      (0..<steps).contains(place)
        ? "the order names place \(place) twice, again at \(position)"
        : "the order names place \(place) at \(position), there are \(steps), 0 to \(steps - 1)"
    case .standardisation(let means, let deviations):
      "means \(means) and deviations \(deviations) are no scale: "
        + "expected one of each for each channel, finite, deviations above 0"
    case .channelMismatch(let images, let standardisation):
      "images of \(images) channels, means and deviations of \(standardisation)"
    }
  }
}

/// 0 ..< count in an order, each equally likely (Fisher–Yates, from the end).
func shuffled(_ count: Int, using generator: inout Seeded) -> [Int] {
  var order = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    order.swapAt(last, generator.below(last + 1))
  }
  return order
}
