(** One metric at every vertex of the slopes (Swift: [VertexLMI]; theory 0, F1, and 6).

    A quantity that is convex in the slopes and at most 0 at the 2^n vertices {l, g}^n is so in all of [l, g]^n.
    sym(M A(D)) + lam M is affine in D, |A(D) e|_M^2 is convex:

        flow   - (M A + A^T M) - 2 lam M  psd   at every vertex        ->  rate lam
        map    rho^2 M - A^T M A          psd   at every vertex        ->  factor rho *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section VertexLMI.
Variables (R : realFieldType) (n : nat) (l g : R).
Implicit Types (d : 'rV[R]_n) (M : 'M[R]_n).

Definition vertex (active : 'I_n -> bool) : 'rV[R]_n := \row_i if active i then g else l.

(** F1 *)
Theorem vertices_decide (f : 'rV[R]_n -> R) :
  (forall d d' t, 0 <= t <= 1 -> f (t *: d + (1 - t) *: d') <= t * f d + (1 - t) * f d') ->
  (forall active, f (vertex active) <= 0) -> forall d, slopes l g d -> f d <= 0.
Proof.
move=> convex atv.
suff upto k : forall d, slopes l g d ->
    (forall i : 'I_n, (k <= i)%N -> d 0 i = l \/ d 0 i = g) -> f d <= 0.
  by move=> d sd; apply: (upto n d sd) => i; rewrite leqNgt ltn_ord.
elim: k => [|k IH] d sd vert.
  suff -> : d = vertex (fun i => d 0 i == g) by apply: atv.
  apply/rowP => i; rewrite mxE; case: eqP => [->//|ne].
  by case: (vert i (leq0n _)).
case: (ltnP k n) => [kn|nk]; last first.
  by apply: IH => // i ki; have := leq_trans (ltn_ord i) (leq_trans nk ki); rewrite ltnn.
pose o := Ordinal kn; pose with_ a : 'rV[R]_n := \row_i if i == o then a else d 0 i.
have low a : l <= a <= g -> a = l \/ a = g -> f (with_ a) <= 0.
  move=> la ends; apply: IH => [i|i ki]; rewrite mxE; first by case: eqP.
  by case: eqP => [_|ne]; [case: ends; [left | right] | apply: vert; rewrite ltn_neqAle ki andbT;
    apply/eqP => e; apply: ne; apply: val_inj].
have /andP[ld dg] := sd o; have lg := le_trans ld dg.
have fl : f (with_ l) <= 0 by apply: low; [rewrite lexx | left].
have fg : f (with_ g) <= 0 by apply: low; [rewrite lexx andbT | right].
case: (eqVneq l g) => [e|ne].
  suff -> : d = with_ l by [].
  apply/rowP => i; rewrite mxE; case: eqP => // ->; apply/eqP.
  by rewrite eq_le ld andbT e dg.
have w0 : 0 < g - l by rewrite subr_gt0 lt_neqAle ne.
have wn : g - l != 0 by rewrite gt_eqF.
pose t := (d 0 o - l) / (g - l).
have t0 : 0 <= t by rewrite /t divr_ge0 ?subr_ge0 // ltW.
have t1 : t <= 1 by rewrite /t ler_pdivr_mulr // mul1r ler_sub.
have -> : d = t *: with_ g + (1 - t) *: with_ l.
  apply/rowP => i; rewrite !mxE; case: eqP => [->|_]; first by rewrite /t; entries R; field.
  by entries R; ring.
apply: (le_trans (convex _ _ t _)); first by rewrite t0.
by rewrite -[X in _ <= X]addr0; apply: ler_add; apply: mulr_ge0_le0; rewrite ?subr_ge0.
Qed.

Variable A : 'rV[R]_n -> 'M[R]_n.
Definition affine_in_slopes := forall d d' t, A (t *: d + (1 - t) *: d') = t *: A d + (1 - t) *: A d'.
Hypothesis affine : affine_in_slopes.

Definition over_slopes : family R n := fun B => exists2 d, slopes l g d & B = A d.

Theorem vertex_flow M lam : posdef M ->
  (forall active, let B := A (vertex active) in nonneg (- (M *m B + B^T *m M + (2%:R * lam) *: M))) ->
  certifies over_slopes M lam.
Proof.
move=> pM lmi; have sM := posdef_symmetric pM; split=> // _ [d sd ->] e.
pose f d := bf M e (A d *m e) + lam * qf M e.
suff : f d <= 0 by rewrite /f -ler_subr_addr sub0r.
move: sd; apply: vertices_decide => [d1 d2 t _|active].
  by rewrite le_eqVlt /f affine mulmxDl -!scalemxAl bfDr !bfZr; apply/orP; left; apply/eqP; ring.
have := lmi active e; rewrite /qf bfMN !bfMD bfMZ bf_mul bf_mulT (bfC _ e sM) -/(qf M e) oppr_ge0.
rewrite /f; set z := bf _ _ _ => h; have two : 0 < 2%:R :> R by rewrite ltr0n.
by rewrite -(pmulr_rle0 _ two); apply: le_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(** qf is convex. *)
Lemma qf_convex M x y t : symmetric M -> nonneg M -> 0 <= t <= 1 ->
  qf M (t *: x + (1 - t) *: y) <= t * qf M x + (1 - t) * qf M y.
Proof.
move=> sM nM /andP[t0 t1]; rewrite -subr_ge0.
have -> : t * qf M x + (1 - t) * qf M y - qf M (t *: x + (1 - t) *: y) = t * (1 - t) * qf M (x - y).
  by rewrite !qfD // !qfZ qfN bfZl bfZr bfNr; ring.
by apply: mulr_ge0 (nM _); rewrite mulr_ge0 // subr_ge0.
Qed.

Theorem vertex_map M rho : posdef M ->
  (forall active, let B := A (vertex active) in nonneg (rho ^+ 2 *: M - B^T *m M *m B)) ->
  contracts over_slopes M rho.
Proof.
move=> pM lmi; have sM := posdef_symmetric pM; have nM := posdef_nonneg pM; split=> // _ [d sd ->] e.
pose f d := qf M (A d *m e) - rho ^+ 2 * qf M e.
suff : f d <= 0 by rewrite /f subr_le0.
move: sd; apply: vertices_decide => [d1 d2 t t01|active].
  rewrite /f affine mulmxDl -!scalemxAl ler_subl_addr; apply: (le_trans (qf_convex _ _ sM nM t01)).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
by have := lmi active e; rewrite {1}/qf bfMD bfMZ bfMN bf_mul bf_mulT /f -oppr_ge0 opprB.
Qed.

End VertexLMI.

(** The networks. *)
Section Networks.
Variables (R : realFieldType) (n : nat).
Implicit Types (W L : 'M[R]_n) (p : 'rV[R]_n).

Lemma affine_outside W L : affine_in_slopes (fun d => W *m diag_mx d + L - 1%:M).
Proof.
move=> d d' t; rewrite linearD !linearZ /= mulmxDr -!scalemxAr.
move: (W *m _) (W *m _) (1%:M : 'M_n) => X Y I.
by apply/matrixP => i j; rewrite !mxE; entries R; ring.
Qed.

Lemma affine_inside W L : affine_in_slopes (fun d => diag_mx d *m W + L - 1%:M).
Proof.
move=> d d' t; rewrite linearD !linearZ /= mulmxDl -!scalemxAl.
move: (_ *m W) (_ *m W) (1%:M : 'M_n) => X Y I.
by apply/matrixP => i j; rewrite !mxE; entries R; ring.
Qed.

Lemma affine_paced p (A : 'rV[R]_n -> 'M[R]_n) :
  affine_in_slopes A -> affine_in_slopes (fun d => diag_mx p *m A d).
Proof. by move=> h d d' t; rewrite h mulmxDr -!scalemxAr. Qed.

Lemma affine_euler h (A : 'rV[R]_n -> 'M[R]_n) :
  affine_in_slopes A -> affine_in_slopes (fun d => 1%:M + h *: A d).
Proof.
by move=> hA d d' t; rewrite hA; move: (1%:M : 'M_n) => I; apply/matrixP => i j; rewrite !mxE; entries R; ring.
Qed.

End Networks.
