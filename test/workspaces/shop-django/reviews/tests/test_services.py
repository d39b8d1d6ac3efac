from django.db import IntegrityError
from django.test import TestCase

from accounts.models import User
from catalog.tests.test_services import make_product
from reviews.models import Review
from reviews.services import has_reviewed, rating_summary, vote


class ReviewTests(TestCase):
    def setUp(self):
        self.reader = User.objects.create_user(email="sari@example.test", password="a long secret")
        self.product = make_product()
        self.review = Review.objects.create(
            product=self.product,
            author=self.reader,
            rating=5,
            title="Tidak bisa berhenti membaca",
            body="Selesai dalam dua malam.",
            status=Review.Status.PUBLISHED,
        )

    def test_changing_a_vote_does_not_count_twice(self):
        self.assertEqual(vote(self.review, self.reader, True), 1)
        self.assertEqual(vote(self.review, self.reader, False), 0)

    def test_summary_counts_published_reviews(self):
        self.assertEqual(rating_summary(self.product.pk), {"average": 5.0, "count": 1})

    def test_one_review_per_reader(self):
        self.assertTrue(has_reviewed(self.reader, self.product.pk))
        with self.assertRaises(IntegrityError):
            Review.objects.create(
                product=self.product, author=self.reader, rating=1, title="Lagi", body="Lagi."
            )
