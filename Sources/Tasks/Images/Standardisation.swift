/// Mean and deviation of pixels that run from 0 to 1, by which they are brought to mean 0 and deviation 1.
///
/// Taken from the images that are trained on, once, and kept with the network: what it is tested on is
/// brought to the same scale. The values are those of single pixels, pooled or not.
public struct Standardisation: Sendable, Hashable {
  /// One for each channel.
  public let means: [Double]
  /// One for each channel, each above 0.
  public let deviations: [Double]

  /// Stored values.
  ///
  /// - Throws: `.standardisation`, unless there are as many means as deviations, at least one, all finite, and the
  ///   deviations above 0.
  public init(means: [Double], deviations: [Double]) throws(ImageSequenceError) {
    guard !means.isEmpty, means.count == deviations.count, means.allSatisfy(\.isFinite),
      deviations.allSatisfy({ $0 > 0 && $0.isFinite })
    else { throw .standardisation(means: means, deviations: deviations) }
    self.means = means
    self.deviations = deviations
  }

  /// The values of all pixels of a set, channel by channel, from exact sums.
  ///
  /// - Throws: `.standardisation`, if all pixels of a channel are alike, or there is none.
  public init(of images: ImageSet) throws(ImageSequenceError) {
    let area = images.rows * images.columns
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: images.channels)
    for block in 0..<images.count * images.channels {
      let channel = block % images.channels
      for pixel in images.pixels[block * area..<(block + 1) * area] {
        counts[channel][Int(pixel)] += 1
      }
    }
    let total = Double(images.count * area)
    var means: [Double] = []
    var deviations: [Double] = []
    for histogram in counts {
      let mean = histogram.enumerated().reduce(0.0) { $0 + Double($1.0 * $1.1) } / total / 255
      let variance = histogram.enumerated().reduce(0.0) {
        let apart = Double($1.0) / 255 - mean
        return $0 + Double($1.1) * apart * apart
      }
      means.append(mean)
      deviations.append((variance / total).squareRoot())
    }
    try self.init(means: means, deviations: deviations)
  }
}
