// error: inheritance from non-protocol, non-class type 'Certified<Specification>'
import CertifyKernel

final class Forged: Certified<Specification> {}
