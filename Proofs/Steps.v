(** From a flow to the map that runs it (theory 6): Euler E1 and E3, semi-implicit, implicit, and E4.

    Implicit steps are stated without an inverse: y is the new difference, e the old one. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Steps.
Variables (R : realFieldType) (n : nat) (M : 'M[R]_n).
Hypothesis pM : posdef M.
Let sM := posdef_symmetric pM.
Let nM := posdef_nonneg pM.
Implicit Types (F : family R n) (A L : 'M[R]_n) (e x y : 'cV[R]_n).

(** E1: |1 + hA|_M^2 <= 1 - 2 h lam + h^2 beta^2, beta >= |A|_M. *)
Theorem euler_step F lam beta h rho : 0 <= h -> decays F M lam -> shrinks F M beta ->
  1 - 2%:R * h * lam + h ^+ 2 * beta ^+ 2 <= rho ^+ 2 -> contracts (euler h F) M rho.
Proof.
move=> h0 d b hrho; split=> // _ [A FA ->] e.
rewrite mulmxDl mul1mx -scalemxAl qfD // qfZ bfZr.
have h1 : 0 <= - (lam * qf M e) - bf M e (A *m e) by rewrite subr_ge0 d.
have h2 : 0 <= beta ^+ 2 * qf M e - qf M (A *m e) by rewrite subr_ge0 b.
rewrite -subr_ge0 in hrho.
apply: (le_by (s := (rho ^+ 2 - (1 - 2%:R * h * lam + h ^+ 2 * beta ^+ 2)) * qf M e
  + 2%:R * h * (- (lam * qf M e) - bf M e (A *m e))
  + h ^+ 2 * (beta ^+ 2 * qf M e - qf M (A *m e)))); first by ring.
apply: addr_ge0; last by apply: mulr_ge0 => //; apply: sqr_ge0.
by apply: addr_ge0; apply: mulr_ge0 => //; apply: mulr_ge0; rewrite ?ler0n.
Qed.

(** E1 is below 1 exactly for h < 2 lam / beta^2. *)
Lemma euler_step_limit (lam beta h : R) : 0 < h -> h * beta ^+ 2 < 2%:R * lam ->
  1 - 2%:R * h * lam + h ^+ 2 * beta ^+ 2 < 1.
Proof.
move=> h0 lim; rewrite -subr_gt0.
have -> : 1 - (1 - 2%:R * h * lam + h ^+ 2 * beta ^+ 2) = h * (2%:R * lam - h * beta ^+ 2) by ring.
by rewrite mulr_gt0 // subr_gt0.
Qed.

(** M-skew L: the square of |(1 - h) e + h L e|_M, exactly. *)
Lemma skew_square L h e : bf M e (L *m e) = 0 ->
  qf M ((1 - h) *: e + h *: (L *m e)) = (1 - h) ^+ 2 * qf M e + h ^+ 2 * qf M (L *m e).
Proof. by move=> skew; rewrite qfD // !qfZ bfZl bfZr skew; ring. Qed.

(** E3: sqrt((1 - h)^2 + h^2 l^2) + h omega, omega >= |WD|_M; a stands for the root, rounded up. *)
Theorem euler_skew_step L (G : family R n) ell omega a h : 0 <= h -> 0 <= omega -> 0 <= a ->
  (forall e, bf M e (L *m e) = 0) -> (forall e, qf M (L *m e) <= ell ^+ 2 * qf M e) ->
  shrinks G M omega -> (1 - h) ^+ 2 + h ^+ 2 * ell ^+ 2 <= a ^+ 2 ->
  contracts (fun A => exists2 X, G X & A = (1 - h)%:M + h *: L + h *: X) M (a + h * omega).
Proof.
move=> h0 o0 a0 skew hL hG ha; split=> // _ [X GX ->] e.
rewrite !mulmxDl -!scalemxAl mul_scalar_mx.
apply: minkowski => //; first exact: mulr_ge0; last first.
  rewrite qfZ; have -> : (h * omega) ^+ 2 * qf M e = h ^+ 2 * (omega ^+ 2 * qf M e) by ring.
  by apply: ler_wpmul2l (hG X GX e); apply: sqr_ge0.
rewrite skew_square //; apply: (@le_trans _ _ (((1 - h) ^+ 2 + h ^+ 2 * ell ^+ 2) * qf M e)).
  rewrite [X in _ <= X]mulrDl ler_add2l -mulrA.
  by apply: ler_wpmul2l (hL e); apply: sqr_ge0.
by apply: ler_wpmul2r.
Qed.

(** E4, a refutation: if h |L x|^2 >= (2 - h) |x|^2, the step with every slope 0 does not shrink x. *)
Theorem euler_skew_refuted L h x : 0 <= h -> bf M x (L *m x) = 0 ->
  (2%:R - h) * qf M x <= h * qf M (L *m x) ->
  qf M x <= qf M ((1 - h) *: x + h *: (L *m x)).
Proof.
move=> h0 skew long; rewrite -subr_ge0 in long; rewrite skew_square // -subr_ge0.
have -> : (1 - h) ^+ 2 * qf M x + h ^+ 2 * qf M (L *m x) - qf M x
  = h * (h * qf M (L *m x) - (2%:R - h) * qf M x) by ring.
exact: mulr_ge0.
Qed.

(** Fully implicit Euler, y = e + h A y: the factor 1/(1 + h lam), for every h. *)
Theorem implicit_step F lam h : 0 <= h -> 0 <= lam -> decays F M lam ->
  forall A, F A -> forall e y, y = e + h *: (A *m y) ->
  (1 + h * lam) ^+ 2 * qf M y <= qf M e.
Proof.
move=> h0 l0 d A FA e y step.
have e_y : e = y - h *: (A *m y) by rewrite [X in X - _]step addrK.
have [|q0] := eqVneq (qf M y) 0; first by move=> ->; rewrite mulr0 nM.
have qp : 0 < qf M y by rewrite lt_neqAle eq_sym q0 nM.
have low : (1 + h * lam) * qf M y <= bf M y e.
  have h1 : 0 <= - (lam * qf M y) - bf M y (A *m y) by rewrite subr_ge0 d.
  rewrite e_y bfDr bfNr bfZr -/(qf M y).
  apply: (le_by (s := h * (- (lam * qf M y) - bf M y (A *m y)))); first by ring.
  exact: mulr_ge0.
have p0 : 0 <= (1 + h * lam) * qf M y by rewrite mulr_ge0 ?nM // addr_ge0 ?ler01 // mulr_ge0.
rewrite -(ler_pmul2l qp); apply: (le_trans _ (cauchy_schwarz y e sM nM)).
have -> : qf M y * ((1 + h * lam) ^+ 2 * qf M y) = ((1 + h * lam) * qf M y) ^+ 2 by ring.
by rewrite ler_sqr ?nnegrE // (le_trans p0).
Qed.

(** Semi-implicit, y = e + h (- y + L y + X e) with a residual r of L: the factor
    (1 + h omega)/(1 + h - h r), for every h with h r <= 1 + h. *)
Theorem semi_implicit_step L (G : family R n) omega r h : 0 <= h -> 0 <= omega -> h * r <= 1 + h ->
  (forall e, bf M e (L *m e) <= r * qf M e) -> shrinks G M omega ->
  forall X, G X -> forall e y, y = e + h *: (L *m y - y + X *m e) ->
  (1 + h - h * r) ^+ 2 * qf M y <= (1 + h * omega) ^+ 2 * qf M e.
Proof.
move=> h0 o0 hr skew hG X GX e y step.
have sum : (1 + h) *: y - h *: (L *m y) = e + h *: (X *m e).
  move: (L *m y) (X *m e) step => ly z step.
  have -> : e = y - h *: (ly - y + z) by rewrite [X in X - _]step addrK.
  by apply/colP => i; rewrite !mxE; entries R; ring.
have Xe : qf M (e + h *: (X *m e)) <= (1 + h * omega) ^+ 2 * qf M e.
  apply: minkowski; rewrite ?ler01 ?mulr_ge0 ?expr1n ?mul1r //; try exact: nM.
  rewrite qfZ; have -> : (h * omega) ^+ 2 * qf M e = h ^+ 2 * (omega ^+ 2 * qf M e) by ring.
  by apply: ler_wpmul2l (hG X GX e); apply: sqr_ge0.
rewrite -sum in Xe; apply: le_trans Xe; set z := (1 + h) *: y - h *: (L *m y).
have [|q0] := eqVneq (qf M y) 0; first by move=> ->; rewrite mulr0 nM.
have qp : 0 < qf M y by rewrite lt_neqAle eq_sym q0 nM.
have low : (1 + h - h * r) * qf M y <= bf M y z.
  have h1 : 0 <= r * qf M y - bf M y (L *m y) by rewrite subr_ge0.
  rewrite /z bfDr bfNr !bfZr -/(qf M y).
  by apply: (le_by (s := h * (r * qf M y - bf M y (L *m y)))); [ring | apply: mulr_ge0].
have p0 : 0 <= (1 + h - h * r) * qf M y by rewrite mulr_ge0 ?nM // subr_ge0.
rewrite -(ler_pmul2l qp); apply: (le_trans _ (cauchy_schwarz y z sM nM)).
have -> : qf M y * ((1 + h - h * r) ^+ 2 * qf M y) = ((1 + h - h * r) * qf M y) ^+ 2 by ring.
by rewrite ler_sqr ?nnegrE // (le_trans p0).
Qed.

End Steps.
