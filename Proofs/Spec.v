(** What the theorems speak of. Everything else in this folder is proved from these definitions.

    A network's linearisations form a family of matrices, one for every choice of slopes:

        outside   x' = -x + W phi(x) + L x + K psi(x) + u     A = -1 + W D + L + K D'
        inside    h' = -h + phi(W h + u) + L h                A = -1 + D W + L
        map       h+ = phi(W h + u)                           A = D W  =  1 + 1 (-1 + D W)

    with D = diag(d), every d_i in [l, g] (Swift: [Specification], theory 0). A certificate is a claim about
    every matrix of the family, so inputs and biases do not appear. R is any ordered field. *)
From mathcomp Require Import all_ssreflect all_algebra.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Spec.
Variable R : realFieldType.

(** ** Quadratic forms *)

Definition dot n (x y : 'cV[R]_n) : R := \sum_i x i 0 * y i 0.

(** x^T M y and x^T M x. *)
Definition bf n (M : 'M[R]_n) (x y : 'cV[R]_n) : R := dot x (M *m y).
Definition qf n (M : 'M[R]_n) (x : 'cV[R]_n) : R := bf M x x.

Definition symmetric n (M : 'M[R]_n) : Prop := M^T = M.

(** Only the symmetric part of the matrix matters here. *)
Definition nonneg n (M : 'M[R]_n) : Prop := forall x, 0 <= qf M x.

Definition posdef n (M : 'M[R]_n) : Prop :=
  symmetric M /\ forall x, x != 0 -> 0 < qf M x.

(** ** Families of linearisations *)

Definition family n := 'M[R]_n -> Prop.

Definition slopes n (l g : R) (d : 'rV[R]_n) : Prop := forall i, l <= d 0 i <= g.

Definition outside n (l g : R) (W L : 'M[R]_n) : family n := fun A =>
  exists2 d, slopes l g d & A = W *m diag_mx d + L - 1%:M.

Definition inside n (l g : R) (W L : 'M[R]_n) : family n := fun A =>
  exists2 d, slopes l g d & A = diag_mx d *m W + L - 1%:M.

(** Form outside with a nonlinear coupling K psi(x), whose slopes lie in [l', g']. *)
Definition coupled n (l g : R) (W L : 'M[R]_n) (l' g' : R) (K : 'M[R]_n) : family n :=
  fun A => exists d d', [/\ slopes l g d, slopes l' g' d' &
    A = W *m diag_mx d + L + K *m diag_mx d' - 1%:M].

(** Unit i runs at the pace p_i = 1 / tau_i. *)
Definition paced n (p : 'rV[R]_n) (F : family n) : family n := fun A =>
  exists2 B, F B & A = diag_mx p *m B.

(** A step of forward Euler. The map h+ = phi(W h + u) is [euler 1 (inside l g W 0)]. *)
Definition euler n (h : R) (F : family n) : family n := fun A =>
  exists2 B, F B & A = 1%:M + h *: B.

(** ** The two claims *)

(** d/dt e^T M e <= -2 lam e^T M e along e' = A e: distances decay at the rate lam. *)
Definition decays n (F : family n) (M : 'M[R]_n) (lam : R) : Prop :=
  forall A, F A -> forall e, bf M e (A *m e) <= - (lam * qf M e).

Definition certifies n (F : family n) (M : 'M[R]_n) (lam : R) : Prop :=
  posdef M /\ decays F M lam.

(** |A e|_M <= rho |e|_M, for the map e+ = A e. *)
Definition shrinks n (F : family n) (M : 'M[R]_n) (rho : R) : Prop :=
  forall A, F A -> forall e, qf M (A *m e) <= rho ^+ 2 * qf M e.

Definition contracts n (F : family n) (M : 'M[R]_n) (rho : R) : Prop :=
  posdef M /\ shrinks F M rho.

End Spec.
