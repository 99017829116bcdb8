(** Theorem 5 in its sharper form 5+ (Swift: [SingularValue]; theory 1 and E2). One metric P = diag(p) for both
    forms. With c = (l + g)/2, r = (g - l)/2, W = V - T for a diagonal T >= 0 and s >= |V|_P:

        flow   mu P - sym(P(cV + L - lT)) psd  ->  rate 1 - mu - r s
        Euler  V = W, L = 0, |d| <= g          ->  factor |1 - h| + h g s

    T = 0 or the inhibitory diagonal of W, which may be dropped first because P is diagonal. Units of
    different pace: [FormTransfer.slowest_pace]. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section SingularValue.
Variables (R : realFieldType) (n : nat) (p : 'rV[R]_n).
Hypothesis p0 : forall i, 0 < p 0 i.
Let P := diag_mx p.
Implicit Types (W V L A : 'M[R]_n) (d t : 'rV[R]_n).

(** |A|_P <= s. *)
Definition norm_le A (s : R) := forall x, qf P (A *m x) <= s ^+ 2 * qf P x.

Lemma P_posdef : posdef P. Proof. exact: diag_posdef. Qed.
Let sP := posdef_symmetric P_posdef.
Let pP := posdef_nonneg P_posdef.

Lemma diag_norm d (r : R) : (forall i, `|d 0 i| <= r) -> norm_le (diag_mx d) r.
Proof.
move=> dr x; rewrite !qf_diag mulr_sumr; apply: ler_sum => i _; rewrite mul_diag_mx mxE.
have r0 : 0 <= r by apply: le_trans (dr i); rewrite normr_ge0.
have : d 0 i ^+ 2 <= r ^+ 2 by rewrite -(real_normK (num_real _)) ler_sqr ?nnegrE ?normr_ge0.
rewrite -subr_ge0 => h; apply: (le_by (s := (r ^+ 2 - d 0 i ^+ 2) * (p 0 i * x i 0 ^+ 2))).
  by entries R; ring.
by apply: mulr_ge0 => //; apply: mulr_ge0; [apply: ltW | apply: sqr_ge0].
Qed.

Lemma spread l g d : slopes l g d ->
  forall i, `|(d - const_mx ((l + g) / 2%:R)) 0 i| <= (g - l) / 2%:R.
Proof.
move=> sd i; have /andP[ld dg] := sd i; rewrite !mxE ler_norml -[X in X && _]subr_ge0 -[X in _ && X]subr_ge0.
have e1 : d 0 i - (l + g) / 2%:R - - ((g - l) / 2%:R) = d 0 i - l by field.
have e2 : (g - l) / 2%:R - (d 0 i - (l + g) / 2%:R) = g - d 0 i by field.
by entries R; rewrite e1 e2 !subr_ge0 ld.
Qed.

Section Flow.
Variables (l g s mu : R) (V L : 'M[R]_n) (t : 'rV[R]_n).
Let W := V - diag_mx t.
Hypotheses (t0 : forall i, 0 <= t 0 i) (s0 : 0 <= s) (lg : l <= g) (hV : norm_le V s)
  (hmu : forall e, bf P e ((((l + g) / 2%:R) *: V + L - l *: diag_mx t) *m e) <= mu * qf P e).
Let c := (l + g) / 2%:R.
Let r := (g - l) / 2%:R.

Lemma r0 : 0 <= r. Proof. by rewrite divr_ge0 ?ler0n ?subr_ge0. Qed.

(** The inhibition that was dropped only helps. *)
Lemma dropped d e : slopes l g d ->
  l * bf P e (diag_mx t *m e) <= bf P e (diag_mx t *m (diag_mx d *m e)).
Proof.
move=> sd; rewrite !bf_diag mulr_sumr; apply: ler_sum => i _.
rewrite !mul_diag_mx !mxE; have /andP[ld _] := sd i; entries R.
apply: (le_by (s := p 0 i * t 0 i * (d 0 i - l) * e i 0 ^+ 2)); first by ring.
apply: mulr_ge0; last exact: sqr_ge0.
by apply: mulr_ge0; [apply: mulr_ge0 (t0 i); apply: ltW | rewrite subr_ge0].
Qed.

Lemma flow_bound e X Y : bf P e X <= r * s * qf P e ->
  l * bf P e (diag_mx t *m e) <= bf P e Y ->
  bf P e (c *: (V *m e) + X - Y + L *m e - e) <= - ((1 - mu - r * s) * qf P e).
Proof.
have := hmu e; rewrite !mulmxDl -scaleNr -!scalemxAl !bfDr !bfNr !bfZr -/c -/(qf P e) => h1 h2 h3.
rewrite -subr_ge0 in h1; rewrite -subr_ge0 in h2; rewrite -subr_ge0 in h3.
by apply: (le_by _ (addr_ge0 (addr_ge0 h1 h2) h3)); ring.
Qed.

Theorem singular_value_outside : certifies (outside l g W L) P (1 - mu - r * s).
Proof.
split=> [|_ [d sd ->] e]; first exact: P_posdef.
set f := (diag_mx d *m e - c *: e).
have -> : (W *m diag_mx d + L - 1%:M) *m e
  = c *: (V *m e) + V *m f - diag_mx t *m (diag_mx d *m e) + L *m e - e.
  rewrite !mulmxBl !mulmxDl !mul1mx mulNmx -!mulmxA /f mulmxBr -scalemxAr.
  by rewrite [c *: _ + _]addrC subrK.
apply: flow_bound; last exact: dropped.
apply: bf_le1 => //; first by rewrite mulr_ge0 ?r0.
rewrite [r * s]mulrC exprMn -mulrA; apply: (le_trans (hV f)).
rewrite ler_wpmul2l ?sqr_ge0 //.
have -> : f = diag_mx (d - const_mx c) *m e by rewrite linearB mulmxBl /= diag_const_mx mul_scalar_mx.
by apply: diag_norm; apply: spread.
Qed.

Theorem singular_value_inside : certifies (inside l g W L) P (1 - mu - r * s).
Proof.
split=> [|_ [d sd ->] e]; first exact: P_posdef.
set f := (diag_mx d *m (V *m e) - c *: (V *m e)).
have -> : (diag_mx d *m W + L - 1%:M) *m e
  = c *: (V *m e) + f - diag_mx t *m (diag_mx d *m e) + L *m e - e.
  rewrite mulmxBl !mulmxDl mul1mx -mulmxA mulmxBl mulmxBr /f [c *: _ + _]addrC subrK.
  by rewrite !mulmxA [diag_mx d *m diag_mx t]diag_mxC.
apply: flow_bound; last exact: dropped.
apply: bf_le1 => //; first by rewrite mulr_ge0 ?r0.
have -> : f = diag_mx (d - const_mx c) *m (V *m e).
  by rewrite linearB mulmxBl /= diag_const_mx mul_scalar_mx.
apply: (le_trans (diag_norm (spread sd) _)).
have -> : (r * s) ^+ 2 * qf P e = r ^+ 2 * (s ^+ 2 * qf P e) by ring.
by apply: ler_wpmul2l (hV e); apply: sqr_ge0.
Qed.

End Flow.

(** Theorem 5 and 5+ as printed: slopes from 0 and no coupling; rate 1 - (g/2)(s + mu), never below 1 - gs. *)
Corollary theorem_5_plus g s mu W : 0 <= g -> 0 <= s -> norm_le W s ->
  (forall e, bf P e (W *m e) <= mu * qf P e) ->
  certifies (outside 0 g W 0) P (1 - g / 2%:R * (s + mu)) /\
  certifies (inside 0 g W 0) P (1 - g / 2%:R * (s + mu)).
Proof.
move=> g0 s0 hW hmu.
have W0 : W - diag_mx 0 = W by rewrite linear0 subr0.
have hyp e : bf P e (((0 + g) / 2%:R *: W + 0 - 0 *: diag_mx (0 : 'rV_n)) *m e)
    <= g / 2%:R * mu * qf P e.
  rewrite add0r scale0r addr0 subr0 -scalemxAl bfZr -mulrA ler_wpmul2l ?hmu //.
  by rewrite divr_ge0 ?ler0n.
have z i : 0 <= (0 : 'rV[R]_n) 0 i by rewrite mxE.
have -> : 1 - g / 2%:R * (s + mu) = 1 - g / 2%:R * mu - (g - 0) / 2%:R * s by field.
have := singular_value_outside z s0 g0 hW hyp; have := singular_value_inside z s0 g0 hW hyp.
by rewrite W0; split.
Qed.

Corollary theorem_5 g s W : 0 <= g -> 0 <= s -> norm_le W s ->
  certifies (outside 0 g W 0) P (1 - g * s) /\ certifies (inside 0 g W 0) P (1 - g * s).
Proof.
move=> g0 s0 hW; have -> : 1 - g * s = 1 - g / 2%:R * (s + s) by field.
by apply: theorem_5_plus => // e; apply: bf_le1.
Qed.

Section Euler.
Variables (l g s h : R) (W : 'M[R]_n).
Hypotheses (g0 : 0 <= g) (lg : - g <= l) (s0 : 0 <= s) (h0 : 0 <= h) (hW : norm_le W s).
Let rho := `|1 - h| + h * g * s.

Lemma slope_norm d : slopes l g d -> norm_le (diag_mx d) g.
Proof.
move=> sd; apply: diag_norm => i; have /andP[ld dg] := sd i.
by rewrite ler_norml dg andbT (le_trans lg).
Qed.

Lemma euler_bound e X : qf P X <= (g * s) ^+ 2 * qf P e ->
  qf P ((1 - h) *: e + h *: X) <= rho ^+ 2 * qf P e.
Proof.
move=> hX; apply: minkowski; rewrite ?pP ?normr_ge0 ?mulr_ge0 ?qfZ //.
  by rewrite real_normK ?num_real.
have -> : (h * g * s) ^+ 2 * qf P e = h ^+ 2 * ((g * s) ^+ 2 * qf P e) by ring.
by apply: ler_wpmul2l hX; apply: sqr_ge0.
Qed.

Theorem singular_value_euler_outside : contracts (euler h (outside l g W 0)) P rho.
Proof.
split=> [|_ [_ [d sd ->] ->] e]; first exact: P_posdef.
have -> : (1%:M + h *: (W *m diag_mx d + 0 - 1%:M)) *m e = (1 - h) *: e + h *: (W *m (diag_mx d *m e)).
  rewrite addr0 mulmxDl -scalemxAl mulmxBl !mul1mx -mulmxA scalerBl scalerBr scale1r.
  by rewrite -[RHS]addrA [- _ + _]addrC.
apply: euler_bound; apply: (le_trans (hW _)).
have -> : (g * s) ^+ 2 * qf P e = s ^+ 2 * (g ^+ 2 * qf P e) by ring.
by apply: ler_wpmul2l (slope_norm sd e); apply: sqr_ge0.
Qed.

Theorem singular_value_euler_inside : contracts (euler h (inside l g W 0)) P rho.
Proof.
split=> [|_ [_ [d sd ->] ->] e]; first exact: P_posdef.
have -> : (1%:M + h *: (diag_mx d *m W + 0 - 1%:M)) *m e = (1 - h) *: e + h *: (diag_mx d *m (W *m e)).
  rewrite addr0 mulmxDl -scalemxAl mulmxBl !mul1mx -mulmxA scalerBl scalerBr scale1r.
  by rewrite -[RHS]addrA [- _ + _]addrC.
apply: euler_bound; apply: (le_trans (slope_norm sd _)).
have -> : (g * s) ^+ 2 * qf P e = g ^+ 2 * (s ^+ 2 * qf P e) by ring.
by apply: ler_wpmul2l (hW e); apply: sqr_ge0.
Qed.

End Euler.
End SingularValue.
