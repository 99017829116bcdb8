/// Where each value of a sequence is found in an image of one size.
public struct ImageSequencePlan: Sendable, Hashable {
  /// T.
  public let steps: Int
  /// Values of a step.
  public let features: Int
  /// steps × features: the first pixel of the square that is pooled, in an image of channels × rows × columns.
  let starts: [Int]
  /// The channel of each feature.
  let channels: [Int]
  let pooling: Int
  /// Pixels of a row of the image.
  let width: Int

  /// A plan for images of one size.
  ///
  /// - Throws: `.pooling`, `.orderLength`, `.notAPermutation`.
  public init(
    _ sequence: ImageSequence, rows: Int, columns: Int, channels: Int
  ) throws(ImageSequenceError) {
    precondition(rows > 0 && columns > 0 && channels > 0, "an image without pixels")
    let pooling = sequence.pooling
    guard rows % pooling == 0, columns % pooling == 0 else {
      throw .pooling(factor: pooling, rows: rows, columns: columns)
    }
    let (down, across) = (rows / pooling, columns / pooling)
    let start = { (channel: Int, row: Int, column: Int) in
      (channel * rows + row * pooling) * columns + column * pooling
    }
    let natural: [[Int]]
    switch sequence.scan {
    case .rows:
      steps = down
      features = channels * across
      self.channels = (0..<channels * across).map { $0 / across }
      natural = (0..<down).map { row in
        (0..<channels * across).map { start($0 / across, row, $0 % across) }
      }
    case .pixels:
      steps = down * across
      features = channels
      self.channels = Array(0..<channels)
      natural = (0..<down * across).map { place in
        (0..<channels).map { start($0, place / across, place % across) }
      }
    }
    let order = try Self.order(sequence.order, steps: natural.count)
    starts = order.flatMap { natural[$0] }
    self.pooling = pooling
    width = columns
  }

  private static func order(
    _ order: ImageSequence.Order, steps: Int
  ) throws(ImageSequenceError) -> [Int] {
    switch order {
    case .natural: return Array(0..<steps)
    case .shuffled(let seed): return ImageSequence.permutation(count: steps, seed: seed)
    case .explicit(let places):
      guard places.count == steps else {
        throw .orderLength(found: places.count, steps: steps)
      }
      var isTaken = [Bool](repeating: false, count: steps)
      for (position, place) in places.enumerated() {
        guard isTaken.indices.contains(place), !isTaken[place] else {
          throw .notAPermutation(position: position, place: place, steps: steps)
        }
        isTaken[place] = true
      }
      return places
    }
  }

  /// The sum of the pixels of a value, in the image whose first pixel is `pixels[offset]`.
  func sum(_ pixels: UnsafeBufferPointer<UInt8>, offset: Int, value: Int) -> Int {
    var sum = 0
    var row = offset + starts[value]
    for _ in 0..<pooling {
      for column in 0..<pooling { sum += Int(pixels[row + column]) }
      row += width
    }
    return sum
  }
}
