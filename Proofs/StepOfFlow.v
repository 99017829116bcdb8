(** A step taken from a proof for the flow (Swift: [StepOfFlow]; theory 6, E1, E3, integrators), with the sizes

        omega >= |W D|_M,   ell >= |L|_M,   |e^T M L e| <= r e^T M e

    of parts that need not be skew, and these sizes from norms between components. For the exponential step c
    stands for exp(-h kappa), which bounds |exp(-h(1 - L))|_M ([Exponential]); without L that is exp(-h), and the step
    is the Euler step of size 1 - exp(-h). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm Interconnection Steps.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Step.
Variables (R : realFieldType) (n : nat) (M L : 'M[R]_n) (ell r : R).
Hypothesis pM : posdef M.
Hypothesis size : forall e, qf M (L *m e) <= ell ^+ 2 * qf M e.
Hypothesis residual : forall e, `|bf M e (L *m e)| <= r * qf M e.
Let sM := posdef_symmetric pM.
Let nM := posdef_nonneg pM.

(** |a e + h L e|^2 <= (a^2 + 2 |a| h r + h^2 ell^2) |e|^2. *)
Lemma linear_part a h e : 0 <= h ->
  qf M (a *: e + h *: (L *m e)) <= (a ^+ 2 + 2%:R * `|a| * h * r + h ^+ 2 * ell ^+ 2) * qf M e.
Proof.
move=> h0; rewrite qfD // !qfZ bfZl bfZr.
have h1 : a * bf M e (L *m e) <= `|a| * (r * qf M e).
  by apply: (le_trans (ler_norm _)); rewrite normrM; apply: ler_wpmul2l.
have h2 := size e; rewrite -subr_ge0 in h1; rewrite -subr_ge0 in h2.
apply: (le_by (s := 2%:R * h * (`|a| * (r * qf M e) - a * bf M e (L *m e))
  + h ^+ 2 * (ell ^+ 2 * qf M e - qf M (L *m e)))); first by ring.
by rewrite addr_ge0 // mulr_ge0 ?sqr_ge0 // mulr_ge0 ?ler0n.
Qed.

(** E3 with a residual: sqrt((1 - h)^2 + 2 |1 - h| h r + h^2 ell^2) + h omega; a stands for the root. *)
Theorem euler_residual_step (G : family R n) omega a h : 0 <= h -> 0 <= omega -> 0 <= a ->
  shrinks G M omega -> (1 - h) ^+ 2 + 2%:R * `|1 - h| * h * r + h ^+ 2 * ell ^+ 2 <= a ^+ 2 ->
  contracts (fun A => exists2 X, G X & A = (1 - h)%:M + h *: L + h *: X) M (a + h * omega).
Proof.
move=> h0 o0 a0 hG ha; split=> // _ [X GX ->] e.
rewrite !mulmxDl -!scalemxAl mul_scalar_mx; apply: minkowski => //; first exact: mulr_ge0.
  by apply: (le_trans (linear_part _ _ h0)); apply: (ler_wpmul2r (nM e) ha).
rewrite qfZ; have -> : (h * omega) ^+ 2 * qf M e = h ^+ 2 * (omega ^+ 2 * qf M e) by ring.
exact: (ler_wpmul2l (sqr_ge0 h) (hG X GX e)).
Qed.

(** The size of the whole field for E1, [euler_step]: sqrt(1 + 2 r + ell^2) + omega. *)
Theorem field_size (G : family R n) omega a : 0 <= omega -> 0 <= a ->
  shrinks G M omega -> 1 + 2%:R * r + ell ^+ 2 <= a ^+ 2 ->
  shrinks (fun A => exists2 X, G X & A = X + L - 1%:M) M (a + omega).
Proof.
move=> o0 a0 hG ha _ [X GX ->] e.
have -> : (X + L - 1%:M) *m e = (-1 *: e + L *m e) + X *m e.
  by rewrite mulmxBl mulmxDl mul1mx scaleN1r [RHS]addrC addrA addrAC.
apply: minkowski => //; last exact: hG.
apply: le_trans (ler_wpmul2r (nM e) ha); have := linear_part (-1) e (ler01 : 0 <= 1 :> R).
by rewrite scale1r sqrrN !expr1n normrN1 mul1r !mulr1.
Qed.

(** The exponential step x+ = E x + J (W phi(x) + u) with |E|_M <= c and |J|_M <= (1 - c) / kappa. *)
Theorem exponential_step (E J : 'M[R]_n) (G : family R n) omega c kappa : 0 <= omega -> 0 <= c <= 1 -> 0 < kappa ->
  (forall e, qf M (E *m e) <= c ^+ 2 * qf M e) ->
  (forall e, qf M (J *m e) <= ((1 - c) / kappa) ^+ 2 * qf M e) ->
  shrinks G M omega ->
  contracts (fun A => exists2 X, G X & A = E + J *m X) M (c + (1 - c) * omega / kappa).
Proof.
move=> o0 /andP[c0 c1] k0 hE hJ hG; split=> // _ [X GX ->] e; rewrite mulmxDl -mulmxA.
apply: minkowski => //; first by rewrite divr_ge0 ?(ltW k0) // mulr_ge0 // subr_ge0.
apply: (le_trans (hJ _)); have -> : ((1 - c) * omega / kappa) ^+ 2 * qf M e
  = ((1 - c) / kappa) ^+ 2 * (omega ^+ 2 * qf M e) by field; rewrite gt_eqF.
exact: (ler_wpmul2l (sqr_ge0 _) (hG X GX e)).
Qed.

End Step.

(** Without a linear coupling, for c in place of exp(-h). *)
Theorem exponential_is_euler (R : realFieldType) n (X : 'M[R]_n) c :
  c%:M + (1 - c) *: X = 1%:M + (1 - c) *: (X - 1%:M).
Proof.
have cE : c%:M = 1%:M - (1 - c)%:M :> 'M[R]_n.
  by apply/matrixP => i j; rewrite !mxE -mulrnBl opprB addrC subrK.
by rewrite cE scalerBr scalemx1 -addrA [- _ + _]addrC.
Qed.

(** ** Sizes from norms between components *)

Section Norms.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat) (u : forall i, 'I_(s i) -> 'I_n).
Hypothesis uP : components u.
Variable M : forall i, 'M[R]_(s i).
Hypothesis pM : forall i, posdef (M i).
Local Notation block := (block (R := R) u).
Local Notation piece := (piece u).
Let ones : 'rV[R]_p := const_mx 1.
Let ones0 : positive ones. Proof. by move=> i; rewrite mxE ltr01. Qed.

(** omega^2 = max_i (B y)_i / x_i  max_j (B^T x)_j / y_j for a matrix B of norms, blocks inside included. *)
Theorem norm_of_norms (F : family R n) (B : 'M[R]_p) (x y : 'rV[R]_p) rows columns omega :
  positive x -> positive y -> (forall i j, 0 <= B i j) -> 0 <= rows ->
  (forall A, F A -> forall i j e, qf (M i) (block i j A *m e) <= B i j ^+ 2 * qf (M j) e) ->
  (forall i, \sum_j B i j * y 0 j <= rows * x 0 i) ->
  (forall j, \sum_i B i j * x 0 i <= columns * y 0 j) ->
  rows * columns <= omega ^+ 2 -> shrinks F (blocks u M ones ones) omega.
Proof.
move=> x0 y0 B0 rows0 gain hr hc ho A FA e; pose q i := qf (M i) (piece i e).
have q0 i : 0 <= q i by apply: posdef_nonneg.
have yn i : y 0 i != 0 by rewrite gt_eqF.
have image i : qf (M i) (piece i (A *m e)) <= rows * x 0 i * \sum_j B i j * (q j / y 0 j).
  rewrite piece_image //.
  apply: (@le_trans _ _ ((\sum_j B i j * y 0 j) * \sum_j B i j * (q j / y 0 j))).
    apply: qf_sum_le => [||j|j|j]; first exact: posdef_symmetric; first exact: posdef_nonneg.
    - by apply: mulr_ge0 => //; apply: ltW.
    - by apply: mulr_ge0 => //; apply: divr_ge0 => //; apply: ltW.
    have -> : B i j * y 0 j * (B i j * (q j / y 0 j)) = B i j ^+ 2 * q j by field; rewrite yn.
    exact: gain.
  apply: (ler_wpmul2r _ (hr i)); apply: sumr_ge0 => j _.
  by apply: mulr_ge0 => //; apply: divr_ge0 => //; apply: ltW.
have one (z : 'I_p -> R) : \sum_i ones 0 i / ones 0 i * z i = \sum_i z i.
  by apply: eq_bigr => i _; rewrite mxE divr1 mul1r.
rewrite /qf !bf_blocks !one.
apply: (@le_trans _ _ (\sum_i rows * \sum_j B i j * x 0 i * (q j / y 0 j))).
  apply: ler_sum => i _; apply: (le_trans (image i)); rewrite -mulrA le_eqVlt; apply/orP; left; apply/eqP.
  by congr (_ * _); rewrite mulr_sumr; apply: eq_bigr => j _; ring.
rewrite -mulr_sumr exchange_big /=.
apply: (@le_trans _ _ (rows * \sum_j columns * q j)).
  apply: (ler_wpmul2l rows0); apply: ler_sum => j _; rewrite -mulr_suml.
  have -> : columns * q j = columns * y 0 j * (q j / y 0 j) by field; rewrite yn.
  by apply: (ler_wpmul2r _ (hc j)); apply: divr_ge0 => //; apply: ltW.
rewrite -mulr_sumr mulrA; apply: (ler_wpmul2r _ ho); apply: sumr_ge0 => i _; exact: q0.
Qed.

End Norms.
